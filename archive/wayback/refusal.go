package wayback

import "strings"

// Again is when a refused capture is worth asking for again.
type Again int

// When to ask again. The zero value errs on the side of asking.
const (
	Later    Again = iota // in some hours
	Tomorrow              // when the archive's day is over
	Never                 // the page is as it is; still asked for once in a long while
)

// Refusal is what follows from a refused capture.
type Refusal struct {
	Again   Again
	General bool // it is not about the page: the next page would be refused too
}

// redirected is our own code for a capture that shows another site's page.
const redirected = "redirected"

// RefusalOf reads a code of Save Page Now 2, or a text that begins with one, such as
// "error:no-access: Target URL could not be accessed". Codes that are not documented
// mean Later.
func RefusalOf(text string) Refusal {
	code, theirs := strings.CutPrefix(text, "error:")
	if i := strings.IndexAny(code, ": "); i >= 0 {
		code = code[:i]
	}
	if !theirs {
		return refusalOfOurs(code)
	}
	switch code {
	case "user-session-limit", "celery", "no-browsers-available", "cannot-fetch", "internal-server-error":
		return Refusal{Again: Later, General: true}
	case "max-daily-bandwidth", "max-daily-bandwidth-from-ip", "blocked-client-ip":
		return Refusal{Again: Tomorrow, General: true}
	case "too-many-daily-captures", "too-many-daily-captures-host", "max-daily-bandwidth-host",
		"bandwidth-limit-exceeded", "invalid-server-response", "invalid-host-resolution":
		return Refusal{Again: Tomorrow}
	}
	return refusalOfPage(code)
}

// refusalOfPage is of codes by which the archive passes on what the page's own server said.
func refusalOfPage(code string) Refusal {
	switch code {
	case "blocked", "blocked-url", "no-access", "not-found", "unauthorized", "bad-request",
		"invalid-url-syntax", "filesize-limit", "too-many-redirects", "ftp-access-denied",
		"method-not-allowed", "not-implemented", "http-version-not-supported",
		"network-authentication-required":
		return Refusal{Again: Never}
	}
	return Refusal{Again: Later}
}

func refusalOfOurs(code string) Refusal {
	if code == redirected {
		return Refusal{Again: Never}
	}
	return Refusal{Again: Tomorrow} // a trouble of the capture that is none of the archive's codes
}
