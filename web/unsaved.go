package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// unsaved says why what somebody typed could not be kept, where that is no fault of theirs. Their page is then shown
// again as they typed it, with the status, since no page of an error could give it back. Of everything else the text is empty.
func (s *Server) unsaved(c *gin.Context, l layout, err error) (text string, status int) {
	id := ""
	f := faultOf(err)
	switch f.status {
	case http.StatusServiceUnavailable:
		id = "unsaved.away"
		c.Header("Retry-After", retryAfter)
	case http.StatusInsufficientStorage:
		id = "unsaved.full"
	case http.StatusInternalServerError:
		id = "unsaved.fault"
	default:
		return "", 0
	}
	s.logFault(c.Request.Context(), err, f)
	return l.T(id, "Request", requestID(c.Request.Context())), f.status
}
