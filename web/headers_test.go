package web_test

import (
	"strings"
	"testing"
)

func TestEveryClassOfRoutesHasItsHeaders(t *testing.T) {
	s := newSite(t)
	const everybody = "no"
	for path, want := range map[string]map[string]string{
		"/e/" + string(pictured): {
			"X-Frame-Options": everybody, "Referrer-Policy": "strict-origin-when-cross-origin",
			"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, max-age=60, stale-while-revalidate=540",
		},
		"/v/" + string(pictured):           {"X-Frame-Options": everybody, "Referrer-Policy": "strict-origin-when-cross-origin"},
		"/e/" + string(absent):             {"X-Frame-Options": everybody},
		"/e/" + string(pictured) + ".json": {"Access-Control-Allow-Origin": "*"},
		"/e/" + string(absent) + ".json":   {"Access-Control-Allow-Origin": "*"},
		"/oembed?url=x":                    {"Access-Control-Allow-Origin": "*"},
		"/p/" + string(pictured) + "/320.jpg": {
			"Cross-Origin-Resource-Policy": "cross-origin", "Content-Security-Policy": "default-src 'none'; sandbox", "X-Frame-Options": everybody,
		},
		"/login": {
			"X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
			"Cross-Origin-Opener-Policy": "same-origin", "Access-Control-Allow-Origin": everybody,
		},
		"/api/v1/videos": {
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cache-Control": "no-store", "Access-Control-Allow-Origin": everybody,
		},
		"/nowhere": {"X-Frame-Options": "DENY", "Cache-Control": "no-store"},
		"/healthz": {"Cache-Control": "no-store"},
	} {
		t.Run(path, func(t *testing.T) {
			got := s.get(t, path, bearer()).Header
			if got.Get("X-Content-Type-Options") != "nosniff" {
				t.Error("browsers may guess the type")
			}
			for name, value := range want {
				if value == everybody {
					value = ""
				}
				if got.Get(name) != value {
					t.Errorf("%s is %q, want %q", name, got.Get(name), value)
				}
			}
		})
	}
}

func TestNewsroomPagesRunNothingInline(t *testing.T) {
	policy := newSite(t).get(t, "/login").Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "script-src 'self';", "frame-src 'self' https://player.toy.example", "form-action 'self'", "base-uri 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%q is missing in %q", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
}

func TestPlayersAreHandedTheFeaturesTheyNeed(t *testing.T) {
	for _, path := range []string{"/e/" + string(pictured), "/v/" + string(pictured)} { // what is not named is not limited
		if got := newSite(t).get(t, path).Header.Get("Permissions-Policy"); got != "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()" {
			t.Errorf("%s: %q", path, got)
		}
	}
	for _, path := range []string{"/login"} {
		got := newSite(t).get(t, path).Header.Get("Permissions-Policy")
		for _, want := range []string{`autoplay=(self "https://player.toy.example")`, `fullscreen=(self "https://player.toy.example")`, "camera=()"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is missing in %q", path, want, got)
			}
		}
	}
}

func TestEmbedPagesKeepTheirOwnPolicy(t *testing.T) {
	got := newSite(t).get(t, "/e/"+string(pictured)).Header.Get("Content-Security-Policy")
	if !strings.Contains(got, "frame-src https://player.toy.example") || strings.Contains(got, "frame-ancestors") {
		t.Errorf("the policy is %q", got)
	}
}

func TestErrorsOnPublicPagesMayNotBeFramedAsOurs(t *testing.T) {
	r := newSite(t).get(t, "/e/"+string(pictured), asHost("attacker.example"))
	if got := r.Header.Get("Content-Security-Policy"); !strings.Contains(got, "frame-ancestors 'none'") {
		t.Errorf("the policy is %q", got)
	}
}
