from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Modules of static/js ask for each other by the names that hold their content too."""

    support_js_module_import_aggregation = True
