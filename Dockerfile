# docs/deploy.md says how to run it.
FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --no-audit --no-fund
COPY bin bin
COPY scripts scripts
COPY src src
COPY tsconfig.json tsconfig.build.json ./
RUN node scripts/build.js && npm prune --omit=dev --no-audit --no-fund

FROM node:20-slim
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/package.json /app/oclif.manifest.json ./
COPY bin bin
COPY LICENSE config.example.yaml ./

# In a container loopback reaches nobody. Beyond it an access key is enforced: LLMPROXY_API_KEY, or auth.api_keys.
ENV NODE_ENV=production LLMPROXY_HOME=/data LLMPROXY_HOST=0.0.0.0 PATH=/app/bin:$PATH
RUN ln -s run.js bin/llmproxy && install -d -o node -g node -m 700 /data
USER node
VOLUME /data
EXPOSE 8000
# Alive, not "some backend can be used": a provider's outage is no reason to restart the proxy.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.LLMPROXY_PORT||8000}/healthz`).then(({ok})=>process.exit(ok?0:1),()=>process.exit(1))"]
# No npm in between: signals reach the proxy, which drains for shutdown_grace_seconds.
ENTRYPOINT ["node", "/app/bin/run.js"]
CMD ["serve"]
