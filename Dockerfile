# Portero as an image: the wheel with the extra for vantages, in a base without a compiler, as a user without rights.
#
#   docker build -t portero .            or: buildah build --format docker -t portero . (or the health check is lost)
#   docker run --rm -it portero demo     # the demo, without Slack
#
# BASE may be any image with Python 3.11 or newer and pip.
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE ./
COPY docs/portero.1 docs/
COPY bot bot
COPY commands commands
COPY storage storage
# Everything that the lock names is brought and held against its hash; what only tests need is not installed.
RUN python3 -m venv /build \
    && /build/bin/pip download -q --require-hashes --no-deps -d /wheels -r requirements.lock \
    && /build/bin/pip install -q -U --no-index --find-links /wheels setuptools \
    && /build/bin/pip wheel -q --no-index --no-build-isolation --no-deps -w /wheels . \
    && python3 -m venv /opt/portero \
    && /opt/portero/bin/pip install -q --no-index --find-links /wheels "portero[vantages]" \
    && /opt/portero/bin/pip uninstall -q -y pip setuptools

FROM ${BASE}
LABEL org.opencontainers.image.title="Portero" \
      org.opencontainers.image.description="A Slack bot that tells which SMTP port answers, what is wrong, and whose side it is" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/portero /opt/portero
# The list of what is inside, for whoever scans images.
RUN /opt/portero/bin/python -c "import importlib.metadata as m, json; print(json.dumps({'bomFormat': 'CycloneDX', 'specVersion': '1.5', 'components': [{'type': 'library', 'name': d.name, 'version': d.version, 'purl': f'pkg:pypi/{d.name.lower()}@{d.version}'} for d in m.distributions()]}, indent=1))" > /opt/portero/sbom.json \
    && mkdir -p /var/lib/portero && chown 10001:10001 /var/lib/portero
LABEL org.opencontainers.image.sbom="/opt/portero/sbom.json"
ENV PATH=/opt/portero/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PORTERO_DATABASE=/var/lib/portero/portero.db \
    PORTERO_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/portero
VOLUME /var/lib/portero
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:3000/healthz', timeout=4)"]
ENTRYPOINT ["portero"]
CMD ["run"]
