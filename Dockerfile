# A static binary on an empty base: no shell, no package manager, not root.
# The root file system may be read-only; /data (store, when it is a directory) and /cache are volumes.
# There is no /tmp: what is written before it is sent to the store passes through /cache too.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=true -ldflags='-s -w' -o /out/videoteca ./cmd/videoteca \
 && mkdir -p /out/data /out/cache

FROM scratch
COPY --from=build /out/videoteca /videoteca
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/cache /cache
USER 65532:65532
ENV VIDEOTECA_STORE=/data VIDEOTECA_CACHE=/cache VIDEOTECA_LISTEN=0.0.0.0:8080 TMPDIR=/cache
EXPOSE 8080
VOLUME ["/data", "/cache"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/videoteca", "health"]
ENTRYPOINT ["/videoteca"]
CMD ["serve"]
