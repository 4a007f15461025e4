# One image for web, workers, beat and sweeper. Not built by CI, which has no Docker: `aicmo_site/tests/test_deployment.py`
# checks what can be checked without.
FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PATH=/srv/venv/bin:$PATH \
    AICMO_DATA_DIR=/srv/data AICMO_MEDIA_ROOT=/srv/files/media AICMO_PUBLISH_FOLDER=/srv/files/published \
    AICMO_PROOF_FOLDER=/srv/files/proofs AICMO_ARCHIVE_FOLDER=/srv/files/archive
RUN useradd --create-home aicmo && mkdir -p /srv/data /srv/files && chown aicmo /srv/data /srv/files \
    && python -m venv /srv/venv
WORKDIR /srv/aicmo
COPY requirements.txt constraints.txt ./
RUN pip install -r requirements.txt
COPY . .
USER aicmo
# Servers are named and not asked: static files need neither.
RUN DATABASE_URL=postgresql://nobody@nowhere/none CELERY_BROKER_URL=redis://nowhere \
    python manage.py collectstatic --noinput && rm /srv/data/secret_key
CMD ["gunicorn", "aicmo_site.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4"]
