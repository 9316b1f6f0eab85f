package wayback

import (
	"strings"
	"testing"
)

// TestEveryDocumentedCodeHasAWayOn goes through the codes of the Save Page Now 2 Public API Docs.
func TestEveryDocumentedCodeHasAWayOn(t *testing.T) {
	for way, codes := range map[Refusal]string{
		{Again: Later}: `bad-gateway browsing-timeout capture-location-error gateway-timeout job-failed proxy-error
			protocol-error read-timeout soft-time-limit-exceeded service-unavailable too-many-requests no-captures`,
		{Again: Later, General: true}: "user-session-limit celery no-browsers-available cannot-fetch internal-server-error",
		{Again: Tomorrow}: `too-many-daily-captures too-many-daily-captures-host max-daily-bandwidth-host
			bandwidth-limit-exceeded invalid-server-response invalid-host-resolution`,
		{Again: Tomorrow, General: true}: "max-daily-bandwidth max-daily-bandwidth-from-ip blocked-client-ip",
		{Again: Never}: `bad-request blocked blocked-url filesize-limit ftp-access-denied http-version-not-supported
			invalid-url-syntax method-not-allowed network-authentication-required no-access not-found not-implemented
			too-many-redirects unauthorized`,
	} {
		for _, code := range strings.Fields(codes) {
			if got := RefusalOf("error:" + code); got != way {
				t.Errorf("%s: %+v", code, got)
			}
			if got := RefusalOf((&RefusedError{Code: "error:" + code, Message: "in its own: words"}).Error()); got != way {
				t.Errorf("%s with a message: %+v", code, got)
			}
		}
	}
}

func TestWhatIsNotDocumentedIsAskedAgain(t *testing.T) {
	for text, want := range map[string]Refusal{
		"error:of-next-year":              {Again: Later},
		"error:":                          {Again: Later},
		"":                                {Again: Tomorrow},
		noEnd:                             {Again: Tomorrow},
		redirected + ": the capture":      {Again: Never},
		"redirecting is another word for": {Again: Tomorrow},
	} {
		if got := RefusalOf(text); got != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestARefusalWithoutWordsIsItsCode(t *testing.T) {
	if got := (&RefusedError{Code: "error:celery"}).Error(); got != "error:celery" {
		t.Error(got)
	}
}
