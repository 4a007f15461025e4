"""Rendering a draft into files that pass the output gate, before any row exists."""

import secrets
from collections.abc import Mapping
from zipfile import BadZipFile

from django.conf import settings

from apps.delivery.api.dtos import RenderedFile, RenderedPackage
from apps.delivery.gateways import files
from apps.delivery.rules import exports
from apps.delivery.rules.archive import pack
from apps.delivery.rules.contract import Breach, FileFacts, find_breaches, find_unfit
from apps.delivery.rules.deck import compose_deck
from apps.delivery.rules.report import Report, compose_report
from apps.onboarding.api.dtos import Brief
from apps.production.api.dtos import Draft
from apps.qc.api.dtos import QcReport
from apps.shared.workflow import RunContext, StepRefused, TransientFailure
from apps.strategy.api.dtos import Strategy


def render_package(
    *, brief: Brief, strategy: Strategy, draft: Draft, report: QcReport, run: RunContext
) -> RenderedPackage:
    """Render all files of a draft, put them through the output gate and stage them under `tmp/<run>/<token>`.

    Raises StepRefused naming file and rule when the gate says no, TransientFailure when the storage does not take them.
    """
    _refuse(find_unfit(draft, report))
    document = compose_report(brief, strategy, draft, report, agency=settings.AGENCY_NAME, at=run.at)
    contents = _render(brief, strategy, draft, document)
    manifest = exports.compose_manifest(brief, strategy, draft, report, document, contents)
    contents["manifest.json"] = exports.manifest_bytes(manifest)
    contents["package.zip"] = pack(contents | {"verify.txt": exports.verify_text(contents)})
    _refuse(find_breaches(document, {name: _measured(name, content) for name, content in contents.items()}))
    prefix = f"{files.STAGED}/{run.id}/{secrets.token_hex(8)}"
    _stage(prefix, contents)
    return RenderedPackage(
        staged_prefix=prefix,
        manifest=manifest,
        manifest_sha256=exports.sha256_of(contents["manifest.json"]),
        files=tuple(_rendered(name, content, n) for n, (name, content) in enumerate(contents.items(), start=1)),
    )


def _render(brief: Brief, strategy: Strategy, draft: Draft, document: Report) -> dict[str, bytes]:
    # Renderers take half a second to import, and only the workers that render need them.
    from apps.delivery.gateways.pdf import render_pdf
    from apps.delivery.gateways.slides import render_pptx
    from apps.delivery.gateways.word import render_docx

    rendered = {
        "strategy-report.pdf": render_pdf(document),
        "strategy-report.docx": render_docx(document),
        "strategy-deck.pptx": render_pptx(document, compose_deck(brief, strategy, document)),
    }
    if draft.calendar:
        rendered["content-calendar.csv"] = exports.calendar_csv(draft)
    rendered["draft.md"] = exports.draft_markdown(document, draft)
    return rendered


def _measured(name: str, content: bytes) -> FileFacts:
    from pypdf.errors import PyPdfError

    from apps.delivery.gateways.inspection import measure

    try:
        return measure(name, content)
    except (PyPdfError, BadZipFile, KeyError, ValueError) as error:
        raise StepRefused(f"Output gate: {name}: opens: it cannot be read back ({error}).") from error


def _refuse(breaches: list[Breach]) -> None:
    if breaches:
        raise StepRefused("Output gate: " + "; ".join(str(breach) for breach in breaches[:10]))


def _stage(prefix: str, contents: Mapping[str, bytes]) -> None:
    try:
        files.stage(prefix, contents)
    except OSError as error:
        raise TransientFailure(f"The media storage did not take the files under {prefix}: {error}.") from error


def _rendered(name: str, content: bytes, position: int) -> RenderedFile:
    return RenderedFile(
        name=name,
        format=name.rpartition(".")[2].upper(),
        bytes=len(content),
        sha256=exports.sha256_of(content),
        position=position,
    )
