from django.middleware.gzip import GZipMiddleware


class PackedPages(GZipMiddleware):
    """Pages alone: static files are packed when they are collected, other files by their kind."""

    def process_response(self, request, response):
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
