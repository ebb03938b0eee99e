from django.contrib.auth.hashers import Argon2PasswordHasher


class LightArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id at OWASP's smallest setting, 19 MiB: a village signs in on one small server in December."""

    memory_cost = 19456
    time_cost = 2
    parallelism = 1
