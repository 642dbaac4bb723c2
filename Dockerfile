# The fund's image: built in three steps, run by a user who owns nothing but the folder of documents.

FROM node:22-bookworm-slim AS fonts
WORKDIR /fund
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts/vendor.mjs scripts/
RUN node scripts/vendor.mjs

FROM python:3.12-slim-bookworm AS packages
RUN python -m venv /opt/fund
COPY requirements/runtime.txt /tmp/runtime.txt
RUN /opt/fund/bin/pip install --no-cache-dir --require-hashes -r /tmp/runtime.txt

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 fund \
    && useradd --system --uid 10001 --gid fund --home-dir /fund --shell /usr/sbin/nologin fund
COPY --from=packages /opt/fund /opt/fund
WORKDIR /fund
COPY . .
COPY --from=fonts /fund/trustfund/static/vendor trustfund/static/vendor
ENV PATH=/opt/fund/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    TRUSTFUND_VAR=/fund/var DOCUMENTS_DIR=/documents
# The key of this one step: collecting static files signs nothing, and the running image has no key of its own.
RUN mkdir -p /documents var && SECRET_KEY=for-collecting-static-files-only python manage.py collectstatic --noinput \
    && chown -R fund:fund /documents var
USER fund
EXPOSE 8000
CMD ["gunicorn", "trustfund.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--timeout", "60", \
     "--access-logfile", "-", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
