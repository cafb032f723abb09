# syntax=docker/dockerfile:1

# Node 24, maintained until April 2028, on Debian 13. Tags can move: for reproducible builds, give the tested digest with
# `--build-arg NODE_IMAGE=node:24.19.0-trixie-slim@sha256:…`.
ARG NODE_IMAGE=node:24.19.0-trixie-slim

# Compiles, generates the database client and bundles the workflows.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY bench/package.json ./bench/
COPY console/package.json ./console/
COPY packages/client/package.json ./packages/client/
COPY packages/emulator/package.json ./packages/emulator/
# No dependency needs its install script for the build; Prisma's would download an engine that is never run.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

# Only the packages that the running program imports. Omitting optional packages leaves out Prisma's command line and
# engines, and the workflow compiler: workflows are already bundled. What the workspaces import is bundled or not used.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --workspaces=false --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Almanac" \
      org.opencontainers.image.description="Google Calendars mirrored in Postgres, on Temporal" \
      org.opencontainers.image.licenses="MIT"

# Temporal's native client uses the system's CA certificates, not Node's, and the slim image has none.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*

# Probes and Prometheus connect from outside the container. Ports 8081 and 9464 serve nothing else.
ENV NODE_ENV=production \
    WORKER_HEALTH_HOST=0.0.0.0 \
    WORKER_HEALTH_PORT=8081 \
    METRICS_HOST=0.0.0.0 \
    METRICS_PORT=9464 \
    API_HOST=0.0.0.0 \
    API_PORT=8090

WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY bin ./bin
COPY prisma/migrations ./prisma/migrations
COPY package.json LICENSE ./

# Root owns the files and another user runs them, so the program cannot change itself.
USER node
EXPOSE 8081 9464 8090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WORKER_HEALTH_PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/almanac.js"]
CMD ["worker"]
