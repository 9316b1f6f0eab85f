// Package web is the HTTP server: the public pages that articles embed, the
// newsroom's pages and the newsroom's JSON API. All routes stand in routes.go.
//
// # Who may ask what
//
// Public routes (/e, /v, /p, /oembed) need nothing, have no side effects, and are
// answered from what this machine holds. /healthz and /readyz answer under any
// Host, since orchestrators call pods by address. Everything else needs one of:
//
//   - a session: the cookie that is set in exchange for the link that serve
//     prints. Opening the link shows a button, and only pressing it signs in, so
//     that programs which preview links do not use it up. It works once;
//   - the same token as a bearer, in the header Authorization, for programs and
//     for whatever reads /metrics;
//   - with Options.AutoSignIn, being on this very machine, as far as that can be told.
//
// A session is opaque and random, lasts 30 days, and lives in memory as a digest:
// a restart ends it and prints a new link. Until there are accounts there is one.
//
// # Guards
//
// A Host that is not ours gets 421, which ends DNS rebinding. A request that
// changes something and comes from another origin gets 403. Every class of
// routes has its own security headers, see headers.go. Handlers return errors;
// errors.go alone decides what people get to see of them, which is never more than
// the id under which the log has the rest.
//
// # Adding a page
//
// A page is a struct that embeds layout and a template under templates/ that
// defines "content"; Server.page renders it. Styles and scripts stand under
// assets/ and are named by layout.Asset. Texts stand in locales/.
package web
