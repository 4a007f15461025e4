"""An export …"""

import hashlib
import json
from pathlib import Path
from typing import Any

from aicmo_site.tests.portal_world import made
from aicmo_site.tests.test_personal_data import request_of, zip_of
from apps.orchestration.gateways import write_part


def test_of_a_client_holds_its_documents_and_archived_runs(db: None, settings: Any, tmp_path: Path) -> None:
    acme, settings.ARCHIVE_FOLDER = made().clients["acme"], tmp_path
    runs = [json.dumps({"run": {"id": "1", "client_id": client}}) for client in (str(acme.pk), None)]
    write_part(tmp_path / "runs-2020-10.jsonl.gz", runs)
    archive = zip_of(request_of("EXPORT", client=acme))
    assert archive.read("archived-runs.jsonl").decode() == f"{runs[0]}\n"
    manifest = json.loads(archive.read("manifest.json"))
    documents = {each["name"]: each["sha256"] for each in manifest["files"] if each["name"].startswith("documents/")}
    kinds = {name.split("/")[1] for name in documents}
    assert kinds == {"billing.quote", "billing.invoice", "billing.creditnote", "reporting.report", "e-invoices"}
    for name, digest in documents.items():
        content = archive.read(name)
        assert hashlib.sha256(content).hexdigest() == digest
        assert content.startswith(b"<?xml" if "e-invoices" in name else b"%PDF"), name
    assert [each for each in manifest["files"] if each.get("missing")] == []
