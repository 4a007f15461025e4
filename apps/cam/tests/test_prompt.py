"""The prompt that asks what a reply means …"""

import hashlib
from pathlib import Path

from django.conf import settings

from apps.cam.models import ReplyOpinion
from apps.cam.services import opinions


def test_says_which_words_each_version_of_the_prompt_had() -> None:
    text = Path(settings.BASE_DIR / "templates" / opinions.PROMPT).read_text()
    known = {1: "db67dd6756bc71b374dbfb6039cda23f74d94a27e04cb672aa7e43f7c20e355e"}
    version = int(text.splitlines()[0].removeprefix("version: "))
    assert known[version] == hashlib.sha256(text.encode()).hexdigest(), "other words are another version"
    for word in (*ReplyOpinion.Kind.values, "[name]", "data", '"mail"', '"quote"'):
        assert word in text
