# The suite with its own Python. Results are written below the working folder:
#   docker run --rm -v "$PWD:/work" job-api-conformance run --target conformance.toml
FROM python:3.12-slim AS build
WORKDIR /suite
COPY pyproject.toml README.md ./
COPY specs specs
COPY strategies strategies
COPY conformance conformance
COPY reports reports
RUN python -m venv /opt/conformance \
 && /opt/conformance/bin/python -m pip install --no-cache-dir --disable-pip-version-check .

FROM python:3.12-slim
COPY --from=build /opt/conformance /opt/conformance
RUN useradd --uid 10001 --create-home conformance \
 && install --directory --owner conformance /work
ENV PATH=/opt/conformance/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /work
USER 10001
ENTRYPOINT ["conformance"]
CMD ["--help"]
