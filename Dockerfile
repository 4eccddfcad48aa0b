# One image for web, worker and beat; docker-compose.yml shows how they fit together.
FROM python:3.11-slim-bookworm AS built
WORKDIR /app
COPY requirements requirements
# Babel compiles the translations and is not needed to run: it stays in this stage.
RUN python -m venv /build && /build/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/demo.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/production.txt
COPY . .
# Placeholders, so that production's settings load; nothing of them stays in the image.
RUN export DJANGO_SETTINGS_MODULE=joinus.settings.production ALLOWED_HOSTS=build SECRET_KEY=build \
        FIELD_KEYS=1:AAAA DATABASE_URL=postgres:///build REDIS_URL=redis://build EMAIL_URL=smtp://build \
    && /build/bin/python manage.py messages --compile \
    && /build/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home joinus
WORKDIR /app
COPY --from=built /venv /venv
COPY --from=built /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=joinus.settings.production
USER joinus
EXPOSE 8000
CMD ["gunicorn", "joinus.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--timeout", "60"]
