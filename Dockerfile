# The app in a container: docker build -t gan-studio . && docker run -p 8501:8501 -e GAN_TOKEN=… gan-studio
#
# For an NVIDIA GPU (needs its container toolkit on the host):
#   docker build --build-arg REQUIREMENTS=requirements-gpu.txt -t gan-studio-gpu .
#   docker run --gpus all -p 8501:8501 -e GAN_TOKEN=… gan-studio-gpu
#
# Its RUN and CMD are the first command of the README, in three parts, which tests/test_dockerfile.py checks: what CI
# installs and runs is what this installs and runs.
FROM python:3.11-slim

# npm fetches ONNX Runtime Web when a web page of a model is exported; without it, pages fetch it when they are seen.
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm && rm -rf /var/lib/apt/lists/*

RUN useradd --create-home --uid 1000 studio && mkdir /studio && chown studio /studio
USER studio
WORKDIR /studio

# First what changes seldom: the installation is made anew only when these files are other ones.
ARG REQUIREMENTS=requirements.txt
COPY --chown=studio requirements*.txt ./
ENV PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python3 -m venv .venv && .venv/bin/pip install -q -r ${REQUIREMENTS}

COPY --chown=studio .streamlit .streamlit
COPY --chown=studio gan gan
COPY --chown=studio pages pages
COPY --chown=studio data data
COPY --chown=studio weights weights
COPY --chown=studio streamlit_app.py LICENSE README.md ./

# What people make: mount folders here to keep it. They exist, so that a named volume belongs to the user of the app.
RUN mkdir -p runs kept weights/local data/cache data/local
VOLUME ["/studio/runs", "/studio/kept", "/studio/weights/local", "/studio/data/cache", "/studio/data/local"]

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD .venv/bin/python -c "import urllib.request as r; r.urlopen('http://localhost:8501/_stcore/health', timeout=4)"

# It is reached from outside the container, so it asks for a token: GAN_TOKEN, or the one it prints at its start.
CMD [".venv/bin/streamlit", "run", "streamlit_app.py", "--server.address=0.0.0.0", "--server.headless=true"]
