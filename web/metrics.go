package web

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics counts requests and serves everything that the registry holds.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	known    sync.Map // of series by seriesKey
}

func newMetrics(registry *prometheus.Registry) (*metrics, error) {
	m := &metrics{
		registry: registry,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "videoteca_http_requests_total", Help: "Requests answered, by route, method and status.",
		}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "videoteca_http_request_seconds", Help: "Time from the request's headers to the answer's end, by route.",
			Buckets: []float64{.001, .005, .025, .1, .5, 2.5, 10, 30},
		}, []string{"route"}),
	}
	for _, c := range []prometheus.Collector{m.requests, m.seconds} {
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("registering metrics: %w", err)
		}
	}
	return m, nil
}

// count uses the route and not the path, and none but the usual methods, since
// every combination of labels is kept for ever.
func (m *metrics) count(method, route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete, http.MethodOptions:
	default:
		method = "other"
	}
	series := m.seriesOf(seriesKey{route, method, status})
	series.requests.Inc()
	series.seconds.Observe(took.Seconds())
}

// seriesKey names the series of one kind of answer.
type seriesKey struct {
	route, method string
	status        int
}

// series are what one kind of answer counts in.
type series struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
}

// seriesOf finds the series without hashing labels, which costs as much as the answer.
func (m *metrics) seriesOf(key seriesKey) series {
	if known, ok := m.known.Load(key); ok {
		return known.(series)
	}
	s := series{m.requests.WithLabelValues(key.route, key.method, strconv.Itoa(key.status)), m.seconds.WithLabelValues(key.route)}
	m.known.Store(key, s)
	return s
}

func (m *metrics) handler() gin.HandlerFunc {
	return gin.WrapH(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
}
