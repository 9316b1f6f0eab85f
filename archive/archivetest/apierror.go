package archivetest

import "net/http"

// apiError is an error in the shape that Google's APIs send.
type apiError struct {
	Code    int         `json:"code"`
	Message string      `json:"message"`
	Errors  []apiReason `json:"errors"`
	Status  string      `json:"status,omitempty"`
	Details []apiDetail `json:"details,omitempty"`
}

type apiReason struct {
	Message      string `json:"message"`
	Domain       string `json:"domain"`
	Reason       string `json:"reason"`
	Location     string `json:"location,omitempty"`
	LocationType string `json:"locationType,omitempty"`
}

type apiDetail struct {
	Type     string            `json:"@type"`
	Reason   string            `json:"reason"`
	Domain   string            `json:"domain"`
	Metadata map[string]string `json:"metadata"`
}

func refuse(w http.ResponseWriter, e *apiError) {
	writeJSON(w, e.Code, struct {
		Error *apiError `json:"error"`
	}{e})
}

func apiFault(code int, status, domain, reason, message string) *apiError {
	return &apiError{Code: code, Message: message, Status: status, Errors: []apiReason{{Message: message, Domain: domain, Reason: reason}}}
}

func apiQuota() *apiError {
	return apiFault(http.StatusForbidden, "", "youtube.quota", "quotaExceeded",
		`The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.`)
}

func apiRate() *apiError {
	return apiFault(http.StatusTooManyRequests, "RESOURCE_EXHAUSTED", "global", "rateLimitExceeded",
		"Quota exceeded for quota metric 'Queries' and limit 'Queries per minute'.")
}

func apiKeyInvalid() *apiError {
	e := apiFault(http.StatusBadRequest, "INVALID_ARGUMENT", "global", "badRequest",
		"API key not valid. Please pass a valid API key.")
	e.Details = []apiDetail{{
		Type: "type.googleapis.com/google.rpc.ErrorInfo", Reason: "API_KEY_INVALID", Domain: "googleapis.com",
		Metadata: map[string]string{"service": "youtube.googleapis.com"},
	}}
	return e
}

func apiKeyMissing() *apiError {
	return apiFault(http.StatusForbidden, "PERMISSION_DENIED", "global", "forbidden",
		"Method doesn't allow unregistered callers (callers without established identity). "+
			"Please use API Key or other form of API consumer identity to call this API.")
}

func apiMissing(parameter string) *apiError {
	return apiBad("missingRequiredParameter", "global", parameter, "Missing required parameter: "+parameter)
}

func apiBad(reason, domain, parameter, message string) *apiError {
	e := apiFault(http.StatusBadRequest, "INVALID_ARGUMENT", domain, reason, message)
	e.Errors[0].Location, e.Errors[0].LocationType = parameter, "parameter"
	return e
}
