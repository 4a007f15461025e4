"""What the desk costs with a million leads, and what importing a file of a hundred thousand takes."""

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.cam.api import ports
from apps.cam.tests.factories import CampaignFactory
from apps.orchestration.tests.conftest import worker_environment
from bench.fill import UUID7
from bench.goals import Figure
from bench.growth import desk_page
from bench.stage import app

IMPORTED = 100_000
CAMPAIGNS = 4
BATCH = 100_000
HEADERS = ("First Name", "Last Name", "Title", "Company", "Email", "Person Linkedin Url", "Country", "Seniority")
STATES = "ARRAY['NEW','NEW','NEW','NEW','NEW','ENRICHED','SCORED','QUALIFIED','CONTACTED','DISQUALIFIED']"
"""One of ten each; of every five hundredth NEW one a reply has come, and of every thousandth a person is to decide."""
IMPORTER = "import sys; from bench import stage, leads; leads.import_file(*sys.argv[1:])"
"""The import in a process of its own, so that its memory can be read off."""
IMPORTER_ENDS_WITHIN = 600


def leads_figures(rows: int) -> Iterator[Figure]:
    """Import a file, then fill the table and measure the pages that show leads."""
    campaigns = [CampaignFactory(state="ACTIVE").pk for _ in range(CAMPAIGNS)]
    yield from _import_figures(campaigns[0])
    _fill(rows, campaigns)
    name = f"{rows} leads"
    costs = {what: desk_page(url) for what, url in _pages(campaigns[0]).items()}
    print(f"\n  {'page with ' + name:<40}{'ms':>8}{'queries':>9}")
    for what, (milliseconds, queries) in costs.items():
        print(f"  {what:<40}{milliseconds:>8.1f}{queries:>9}")
    lists = {what: cost for what, cost in costs.items() if what.startswith("list")}
    yield Figure(f"lead lists, {name}, worst of {len(lists)}", max(ms for ms, _ in lists.values()), 150, "ms")
    yield Figure(f"lead lists, {name}, worst", max(queries for _, queries in lists.values()), 12, "queries")
    yield Figure(f"lead board, {name}", costs["board"][0], 150, "ms")
    yield Figure(f"first page, {name}", costs["first page"][0], 250, "ms")


def _pages(campaign: UUID) -> dict[str, str]:
    leads = reverse("admin:cam_lead_changelist")
    return {
        "list": leads,
        "list, second page": f"{leads}?p=2",
        "list, one state": f"{leads}?state__exact=CONTACTED",
        "list, a rare state": f"{leads}?state__exact=MANUAL_REVIEW",
        "list, not to contact": f"{leads}?contactability__exact=UNSUBSCRIBED",
        "list, one campaign": f"{leads}?campaign__id__exact={campaign}",
        "list, searched for a name": f"{leads}?q=person777777",
        "list, searched for a company": f"{leads}?q=clinic 4242",
        "list, to review": f"{leads}?needs=review",
        "board": reverse("admin:cam_campaign_board", args=[campaign]),
        "first page": reverse("admin:index"),
        "palette": f"{reverse('admin:search')}?s=person4242",
    }


def _fill(rows: int, campaigns: list[UUID]) -> None:
    began = time.monotonic()
    values = {"campaigns": campaigns, "now_ms": int(timezone.now().timestamp() * 1000), "rows": rows}
    key = UUID7.format(now_ms="%(now_ms)s", age_ms="(%(rows)s - n) * 1000", salt="'lead' || n")
    with connection.cursor() as cursor:
        for begin in range(0, rows, BATCH):
            cursor.execute(
                f"""INSERT INTO cam_lead (id, created_at, updated_at, campaign_id, email, email_key, full_name, company,
                        title, phone, linkedin_url, country, source, raw, state, contactability, grade, next_action_at,
                        identity_key, profile_key, phone_key, colleague_key, is_compared)
                    SELECT {key}, now(), now(), (%(campaigns)s)[1 + n %% {CAMPAIGNS}], 'person' || n || '@c.example',
                        'person' || n || '@c.example', 'Mia Person' || n, 'Clinic ' || n %% 50000, 'Owner', '', '',
                        'IE', 'OTHER', '{{}}',
                        CASE WHEN n %% 1000 = 0 THEN 'MANUAL_REVIEW' ELSE ({STATES})[1 + n %% 10] END,
                        CASE WHEN n %% 500 = 1 THEN 'UNSUBSCRIBED' ELSE 'OK' END, '',
                        CASE WHEN n %% 3 = 0 THEN now() + n * interval '1 second' END,
                        encode(sha256(('person' || n)::bytea), 'hex'), '', '', '', true
                    FROM generate_series(%(begin)s::bigint, %(end)s::bigint) AS n""",
                values | {"begin": begin, "end": min(begin + BATCH, rows) - 1},
            )
        cursor.execute("VACUUM (ANALYZE) cam_lead")
        cursor.execute("SELECT pg_table_size('cam_lead') / 2^20, pg_indexes_size('cam_lead') / 2^20")
        heap, indexes = cursor.fetchone()
    print(f"  {rows} leads in {time.monotonic() - began:.0f} s: {heap:.0f} MB, {indexes:.0f} MB of indexes")


# --- the import -------------------------------------------------------------------------------------------------------


def _import_figures(campaign: UUID) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "leads.csv"
        _write_file(file)
        command = [sys.executable, "-c", IMPORTER, str(campaign), str(file)]
        said = subprocess.run(
            command, env=worker_environment(), check=True, stdout=subprocess.PIPE, timeout=IMPORTER_ENDS_WITHIN
        )
    found = json.loads(said.stdout.splitlines()[-1])
    print(f"  {found}")
    yield Figure(f"import of {IMPORTED} rows", found["seconds"], 30, "s")
    yield Figure(f"import of {IMPORTED} rows, peak", found["megabytes"], 300, "MB")


def _write_file(file: Path) -> None:
    with file.open("w", newline="") as written:
        writer = csv.writer(written)
        writer.writerow(HEADERS)
        for n in range(IMPORTED):
            address = f"import{n}@clinic{n % 5000}.example" if n % 100 else "nobody"
            link = f"https://www.linkedin.com/in/mia-{n}"
            writer.writerow(["Mia", f"Byrne{n}", "Owner", f"Clinic {n % 5000}", address, link, "Ireland", "Owner"])


def import_file(campaign: str, file: str) -> None:
    """Import a file as web and worker do, and print how long it took and the most memory this process had."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.monotonic()
    wishes = {"campaign_id": UUID(campaign), "file_name": "leads.csv", "content": Path(file).read_bytes()}
    ports.import_leads(**wishes)
    looked = time.monotonic()
    app.loader.import_default_modules()
    app.tasks["cam.continue_imports"]()
    result = ports.import_leads(**wishes)
    ended = time.monotonic()
    if result.state != "COMPLETED" or result.created != IMPORTED - IMPORTED // 100:
        raise RuntimeError(f"The import did not come in: {result.model_dump(exclude={'errors'})}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"seconds": ended - began, "of it before confirming": looked - began, "megabytes": peak, "before": before}
    print(json.dumps(found))
