// Package embeds turns a video and options into what readers get: the embed
// page, the watch page, the snippets for articles, oEmbed and the public JSON.
//
// It is pure. It asks no network, no store and no clock: the time, the players
// and which posters exist come with Options, so the same video and options give
// the same bytes on every replica, and an embed can be served with everything
// else down.
//
// What readers get first is decided here, in Choose, from the newest clear round
// of each source; the page's script only follows that list when a player
// reports an error. Before a reader's click nothing is loaded from anybody else.
//
// Everything that comes from outside, titles above all, is data: it reaches the
// page through html/template and the script through a JSON block, never as markup.
package embeds
