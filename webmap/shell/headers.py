"""Security headers of every answer: a strict content policy with a nonce per request."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request


def csp_nonce() -> str:
    """Give the nonce that this answer's inline scripts carry."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def install(app: Flask) -> None:
    """Add the headers to every answer and the nonce to every template."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _policy()
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "geolocation=(self), camera=(self), microphone=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        _set_caching(response)
        return response


def _policy() -> str:
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{csp_nonce()}'; connect-src 'self';"
        " img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self';"
        " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def _set_caching(response: Response) -> None:
    if request.endpoint == "static":
        vendored = request.path.startswith("/static/vendor/")
        age = "public, max-age=31536000, immutable" if vendored else "no-cache"
        response.headers["Cache-Control"] = age
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
