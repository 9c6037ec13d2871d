"""The environment of the tests, set before Django reads its settings (`-p tests.early`).

pytest-django reads them before any conftest.py is loaded. Each process of the tests, each worker
of xdist too, gets a home of its own: no test may touch a centre in the folder it is started from.
"""

import os
import tempfile

os.environ["HAMN_HOME"] = tempfile.mkdtemp(prefix="hamn-test-")
for name in ("HAMN_VAULT", "HAMN_AS", "HAMN_LANGUAGE"):
    os.environ.pop(name, None)
# Of all processes of one run: what one of them builds for the others to copy (tools/centres.py).
os.environ.setdefault("HAMN_TESTS", tempfile.mkdtemp(prefix="hamn-tests-"))
# Pages are tested as they are written, not as they were collected last.
os.environ["HAMN_STATIC"] = "plain"
# The browser of the stories leaves a loop in its thread, which Django takes for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
