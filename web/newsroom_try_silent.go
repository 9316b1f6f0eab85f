package web

import (
	"cmp"
	"maps"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
)

// stateSilent is an embed whose first player never says anything, neither that it plays nor that it cannot.
const stateSilent = "silent"

// silentID is what the silent player's platform, which is this server, knows the video as.
const silentID = "silent"

// silenced puts before the sources of a video one whose player is a page of this server, so that nobody else is asked
// for it. It stands in for the first source: it has that one's name and its page.
func silenced(v archive.Video, o embeds.Options) (archive.Video, map[string]archive.Player) {
	first := archive.Source{URL: o.BaseURL + "/v/" + string(v.ID)}
	label := "Videoteca"
	if places := embeds.Choose(v, o).Places; len(places) > 0 {
		first, label = places[0].Source, cmp.Or(places[0].Name(), label)
	}
	first.SourceKey = archive.SourceKey{Platform: stateSilent, ID: silentID}
	first.Standing = standingAs(first.Standing, "live")
	v.Sources = slices.Insert(slices.Clone(v.Sources), 0, first)
	players := maps.Clone(o.Players)
	if players == nil {
		players = map[string]archive.Player{}
	}
	// The address of a PeerTube player is the one that no other page of this server has.
	players[stateSilent] = archive.Player{Kind: archive.PlayerPeerTube, Label: label, Origin: o.BaseURL}
	return v, players
}

// silentPlayer is /videos/embed/silent, a page that holds nothing and says nothing.
func (s *Server) silentPlayer(c *gin.Context) error {
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(`<!doctype html><html lang="en"><meta name="color-scheme" content="dark"><title>...</title>`))
	return nil
}
