package youtube

import (
	"errors"
	"fmt"

	"google.golang.org/api/googleapi"
)

// reasonUnparsable is the reason of an answer that is not what it should be.
const reasonUnparsable = "unparsable"

// apiFault says in the API's own word why a call failed. None of them says
// anything of a video: quota, key, rate, a malformed request, the API itself.
//
//	403  quotaExceeded, rateLimitExceeded, forbidden, SERVICE_UNAVAILABLE
//	400  badRequest, keyInvalid
//	any  API_KEY_INVALID, API_KEY_HTTP_REFERRER_BLOCKED, API_KEY_IP_ADDRESS_BLOCKED,
//	     API_KEY_SERVICE_BLOCKED, SERVICE_DISABLED
func apiFault(got answer, err error) string {
	if reason := apiReason(err); reason != "" {
		return fmt.Sprintf("HTTP %d %s", got.status, reason)
	}
	return httpFault(got)
}

// apiReason is the most exact reason in an error of the API: that of its
// details, which tells key faults apart, else that of its first error. Empty without any.
func apiReason(err error) string {
	var fault *googleapi.Error
	if !errors.As(err, &fault) {
		return ""
	}
	for _, detail := range fault.Details {
		fields, ok := detail.(map[string]any)
		if !ok {
			continue
		}
		if reason, ok := fields["reason"].(string); ok && reason != "" {
			return reason
		}
	}
	if len(fault.Errors) > 0 {
		return fault.Errors[0].Reason
	}
	return ""
}
