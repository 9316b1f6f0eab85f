package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/internal/notify"
	"videoteca/internal/settings"
	"videoteca/web"
)

// settingsDesk implements web.Settings.
type settingsDesk struct {
	*settings.Book
	n       *newsroom
	flags   serveCommand
	listen  string
	base    string
	aliases []string
}

// settingsDesk opens the settings as the service runs with them.
func (sv serveCommand) settingsDesk(n *newsroom, listen, base string, aliases []string) settingsDesk {
	return settingsDesk{Book: settings.New(n.store), n: n, flags: sv, listen: listen, base: base, aliases: aliases}
}

// Losses implements web.Settings.
func (d settingsDesk) Losses(ctx context.Context, period archive.Retention) ([]archive.Loss, error) {
	return d.n.losses(ctx, period)
}

// RuleHost implements web.Settings.
func (d settingsDesk) RuleHost(ctx context.Context, host string, as archive.Ruling, reason, actor string) (int, error) {
	return d.n.library.RuleHost(ctx, d.n.catalog.All(ctx), host, as, reason, actor)
}

// Facts implements web.Settings. No secret is among them: of keys and passwords it says whether there are any.
func (d settingsDesk) Facts(ctx context.Context) []web.Fact {
	sv := d.flags
	quota := web.Fact{Name: "quota", Flag: "--youtube-quota", State: web.Unknown}
	if used := d.n.quota.used(ctx); used >= 0 {
		quota.Value, quota.State = fmt.Sprintf("%d / %d", used, d.n.quota.limit), ""
	}
	facts := []web.Fact{
		{Name: "version", Value: d.n.build.Version},
		{Name: "store", Value: d.n.address.String(), Flag: "--store"},
		{Name: "cache", Value: d.n.cacheDir, Flag: "--cache"},
		{Name: "base", Value: d.base, Flag: "--base-url"},
		{Name: "aliases", Value: strings.Join(d.aliases, ", "), Flag: "--change-base-url"},
		{Name: "listen", Value: d.listen, Flag: "--listen"},
		{Name: "hosts", Value: strings.Join(sv.AllowHost, ", "), Flag: "--allow-host"},
		{Name: "proxies", Value: strings.Join(sv.TrustedProxy, ", "), Flag: "--trusted-proxy"},
		{Name: "vantage", Value: d.n.vantage, Flag: "--vantage"},
		{Name: "youtubeKey", State: web.Given(d.n.keyed), Flag: "--youtube-key-file"},
		quota,
		{Name: "audits", State: web.Switched(sv.Audit), Flag: "--no-audit"},
		{Name: "auditPause", Value: spanText(sv.AuditPause), Flag: "--audit-pause"},
		{Name: "archivedPages", State: web.Switched(sv.ArchivedPages), Flag: "--no-archived-pages"},
		{Name: "waybackKey", State: web.Given(sv.WaybackKey != "" || sv.WaybackKeyFile != ""), Flag: "--wayback-key-file"},
		{Name: "framers", Value: strings.Join(sv.FrameAncestors, ", "), Flag: "--frame-ancestors"},
		{Name: "platformURLs", State: web.Switched(sv.OEmbedPlatformURLs), Flag: "--oembed-platform-urls"},
		{Name: "stale", Value: spanText(sv.StaleIfError), Flag: "--stale-if-error"},
		{Name: "media", Value: sv.Media, Flag: "--media"},
		{Name: "mail", Value: mailHost(sv.MailServer), Flag: "--mail-server"},
	}
	for i := range facts {
		if facts[i].Value != "" || facts[i].State != "" {
			continue
		}
		facts[i].State = web.Absent
		if facts[i].Name == "framers" { // without any, embeds are open to all
			facts[i].State = web.Any
		}
	}
	return facts
}

// spanText is a duration without the zeros that Go writes after it.
func spanText(d time.Duration) string {
	text := d.String()
	if short, cut := strings.CutSuffix(text, "m0s"); cut {
		text = short + "m"
	}
	if short, cut := strings.CutSuffix(text, "h0m"); cut {
		text = short + "h"
	}
	return text
}

// mailHost is the mail server without the user, who may be a person.
func mailHost(address string) string {
	server, err := notify.ParseServer(address, "password")
	if err != nil {
		server, err = notify.ParseServer(address, "")
	}
	if err != nil { // then the service would not have started, or there is none
		return ""
	}
	return server.String()
}
