"""Secrets of sign-in: session values, their hashes, and CSRF tokens bound to them."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from launchpad.config import Settings

# The session cookie's names: on https, and on plain http, where `__Host-` is not allowed.
SESSION_COOKIES = ("__Host-sid", "sid")

_KEY_BYTES = 32


def new_secret() -> str:
    """256 random bits as 43 characters of base64url."""
    return secrets.token_urlsafe(_KEY_BYTES)


def hash_of(secret: str) -> str:
    """SHA-256 of a secret in hex: all that is ever stored of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def signing_key(settings: Settings) -> bytes:
    """The key that signs CSRF tokens: SECRET_KEY, or one made once and kept in LAUNCHPAD_HOME."""
    if settings.secret_key:
        return settings.secret_key.encode()
    path = settings.launchpad_home / "secret_key"
    _make_once(path)
    return path.read_bytes()


def _make_once(path: Path) -> None:
    """Create `path` with random bytes unless it exists; safe among several starting processes."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
    try:
        os.link(draft, path)  # atomic, and refuses where another process was first
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def csrf_token(key: bytes, session_hash: str) -> str:
    """A fresh token for a session: a nonce, a dot, and an HMAC of both under the server's key."""
    nonce = secrets.token_urlsafe(12)
    return f"{nonce}.{_csrf_mac(key, session_hash, nonce)}"


def csrf_token_is_valid(key: bytes, session_hash: str, token: str) -> bool:
    """Whether `token` was made for this session by this server."""
    nonce, dot, mac = token.partition(".")
    return bool(dot) and hmac.compare_digest(_csrf_mac(key, session_hash, nonce).encode(), mac.encode())


def _csrf_mac(key: bytes, session_hash: str, nonce: str) -> str:
    digest = hmac.digest(key, f"{session_hash}|{nonce}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
