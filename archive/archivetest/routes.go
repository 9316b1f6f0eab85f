package archivetest

import (
	"net/http"
	"strings"
)

const controlPath = "/_control"

func (p *Platform) routing() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /youtube/v3/videos", p.faulty(CallVideos, p.listVideos))
	mux.HandleFunc("GET /youtube/v3/channels", p.faulty(CallChannels, p.listChannels))
	mux.HandleFunc("GET /oembed", p.faulty(CallOEmbed, p.oembed))
	mux.HandleFunc("GET /feeds/videos.xml", p.faulty(CallFeed, p.channelFeed))
	mux.HandleFunc("GET /vi/{id}/{file}", p.faulty(CallThumbnail, p.thumbnail))
	mux.HandleFunc("GET /embed/{id}", p.faulty(CallPlayer, p.player))
	for _, path := range []string{"/watch", "/shorts/{id}", "/live/{id}"} {
		mux.HandleFunc("GET "+path, p.faulty(CallPage, p.watch))
	}
	mux.HandleFunc("GET /channel/{id}", p.faulty(CallPage, p.channelPage))
	mux.HandleFunc("GET /consent", p.consent)
	mux.Handle(controlPath, p.guarded(p.controlRoutes()))
	mux.Handle(controlPath+"/", p.guarded(p.controlRoutes()))
	mux.Handle("GET /{$}", http.RedirectHandler(controlPath, http.StatusFound))
	return mux
}

// Handler is the platform itself.
func (p *Platform) Handler() http.Handler { return p }

// ServeHTTP answers for the whole platform, under any host name.
func (p *Platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, controlPath) {
		p.log.note(r)
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Date", p.o.Now().UTC().Format(http.TimeFormat))
	p.routes.ServeHTTP(w, r)
}

// write sends a body whose receiver may be gone, which is the receiver's affair.
func write(w http.ResponseWriter, body []byte) {
	_, _ = w.Write(body)
}
