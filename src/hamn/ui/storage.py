"""Collected static files carry the hash of their content in their names, scripts' imports too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Collected(CompressedManifestStaticFilesStorage):
    """Hashed names, compressed copies, and `import … from` rewritten to the hashed name."""

    support_js_module_import_aggregation = True
