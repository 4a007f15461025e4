import json
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django_fsm import TransitionNotAllowed

from apps.delivery.api import ports
from apps.delivery.gateways import folder
from apps.delivery.models import Publication
from apps.delivery.services import publications
from apps.delivery.services.publications import DestinationUnavailable, KeyAlreadyUsed
from apps.delivery.tests.factories import job_for, run_for, staged_package
from apps.shared.events import event_published
from apps.shared.gateways import proof


@pytest.fixture
def package(job):
    return ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)


@pytest.fixture
def told():
    names = []

    def note(sender, event, **_):
        names.append(event.name)

    event_published.connect(note)
    yield names
    event_published.disconnect(note)


@pytest.fixture
def switch(monkeypatch):
    """Switch proof mode, or make the switch unreadable."""
    monkeypatch.setattr(proof, "_ask", proof._ask)

    def to(answer):
        def ask():
            if isinstance(answer, Exception):
                raise answer
            return answer

        proof.register_proof_mode(ask)

    return to


def publish(package, key: str = "hand-over", destination: str = "FOLDER"):
    return ports.publish_package(package_id=package.id, destination=destination, key=key)


def test_puts_all_files_into_one_folder(package, told):
    told.clear()
    publication = publish(package)
    assert publication.state == "PUBLISHED"
    written = {path.name: path.read_bytes() for path in Path(publication.external_id).iterdir()}
    assert written == {"strategy-report.pdf": b"%PDF-1.7 small", "package.zip": b"PK small"}
    assert told == ["PublishStarted", "PublishCompleted"]


def test_does_it_once_per_key(package, told):
    first = publish(package)
    told.clear()
    assert publish(package) == first
    assert told == []
    assert len(list(folder.root().iterdir())) == 1
    assert Publication.objects.get().attempts == 1


def test_refuses_a_key_that_names_another_publication(package, globex):
    publish(package)
    job = job_for(globex.pk)
    other = ports.create_package(**job.inputs, prepared=staged_package(job.run), run=job.run)
    with pytest.raises(KeyAlreadyUsed, match="hand-over"):
        publish(other)


@pytest.mark.parametrize("destination", ["EMAIL", "WEBHOOK", "S3", "FAX"])
def test_refuses_destinations_it_cannot_reach(package, destination):
    with pytest.raises(DestinationUnavailable, match=destination):
        publish(package, destination=destination)
    assert not Publication.objects.exists()


def test_knows_no_other_packages(db):
    with pytest.raises(ObjectDoesNotExist):
        ports.publish_package(package_id=run_for(None).id, destination="FOLDER", key="k")


def test_notes_a_failure_and_tries_again_with_the_same_key(package, told, monkeypatch):
    told.clear()

    def full(path, content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(folder, "_write", full)
        assert publish(package).state == "FAILED"
    assert "No space left" in Publication.objects.get().error
    assert list(folder.root().iterdir()) == []
    assert publish(package).state == "PUBLISHED"
    assert told == ["PublishStarted", "PublishFailed", "PublishStarted", "PublishCompleted"]
    assert Publication.objects.get().attempts == 2


def test_goes_on_after_a_process_died_in_the_middle(package, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(publications, "_complete", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(package)
    assert Publication.objects.get().state == "PUBLISHING"
    assert publish(package).state == "PUBLISHED"
    assert len(list(folder.root().iterdir())) == 1


def test_does_not_publish_a_changed_file(package, media):
    ports.open_artifact(artifact_id=package.artifacts[0].id)
    (media / package.artifacts[0].path).write_bytes(b"tampered")
    publication = publish(package)
    assert publication.state == "FAILED"
    assert not folder.root().exists()


def test_can_be_retracted_once(package, strategist, told):
    published = publish(package)
    row = Publication.objects.get()
    publications.retract_publication(row, by=strategist.pk, reason="The client asked us to.")
    assert not Path(published.external_id).exists()
    assert told[-1] == "PublicationRetracted"
    with pytest.raises(TransitionNotAllowed):
        publications.retract_publication(row, by=strategist.pk, reason="Again.")
    assert publish(package).state == "RETRACTED"


def test_writes_proofs_instead_while_proof_mode_is_on(package, told, switch):
    switch(True)
    told.clear()
    publication = publish(package)
    assert (publication.state, told) == ("PROOF", ["PublishStarted", "PublishProofWritten"])
    assert not folder.root().exists()
    for artifact in package.artifacts:
        written = Path(publication.external_id) / artifact.name
        record = json.loads(written.with_name(written.name + proof.RECORD).read_text())
        assert sha256(written.read_bytes()).hexdigest() == record["sha256"] == artifact.sha256
        assert record["key"] == f"{publication.id}/{artifact.name}"


def test_sends_for_real_under_a_new_key_alone_once_proof_mode_is_off(package, switch):
    switch(True)
    proven = publish(package)
    switch(False)
    assert publish(package) == proven
    assert not folder.root().exists()
    assert publish(package, "the real thing").state == "PUBLISHED"
    assert len(list(folder.root().iterdir())) == 1


def test_sends_nothing_when_nobody_knows_whether_proof_mode_is_on(package, switch):
    switch(ConnectionError("the database is away"))
    assert publish(package).state == "FAILED"
    assert "the database is away" in Publication.objects.get().error
    assert not folder.root().exists()
    switch(False)
    assert publish(package).state == "PUBLISHED"


def test_calls_published_what_had_arrived_before_proof_mode_was_switched_on(package, switch, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(publications, "_complete", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(package)
    switch(True)
    assert publish(package).state == "PUBLISHED"
    assert not proof.root().exists()


def test_calls_published_what_arrived_while_another_call_wrote_the_proof(package, switch, monkeypatch):
    switch(False)
    bring = publications._bring

    def be_overtaken(publication, *, at):
        monkeypatch.setattr(publications, "_bring", bring)
        switch(True)
        assert publish(package).state == "PROOF"
        switch(False)
        return bring(publication, at=at)

    monkeypatch.setattr(publications, "_bring", be_overtaken)
    published = publish(package)
    assert published.state == "PUBLISHED"
    assert Path(published.external_id).parent == folder.root()


def test_tells_that_it_is_taken_back_with_the_package(package, job, told):
    publish(package)
    told.clear()
    ports.withdraw_package(run=job.run)
    ports.withdraw_package(run=job.run)
    assert told == ["PublicationRetracted", "PackageWithdrawn"]


def test_takes_the_proof_away_with_the_package(package, job, switch):
    switch(True)
    kept = Path(publish(package).external_id)
    assert kept.exists()
    ports.withdraw_package(run=job.run)
    assert not kept.exists()


def test_takes_back_for_real_what_was_published_for_real(package, job, switch):
    published = Path(publish(package).external_id)
    switch(True)
    ports.withdraw_package(run=job.run)
    assert not published.exists()
