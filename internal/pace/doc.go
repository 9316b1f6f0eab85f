// Package pace is an http.RoundTripper that minds the manners owed to each host,
// however many callers share it:
//
//   - so many requests at once and so many a second;
//   - a host that says when to come back (Retry-After, RateLimit-Reset) is left alone until then;
//   - a host that fails five times in a row is left alone for 30 s, then tried with one
//     request, and for twice as long each time that fails too.
//
// While a host rests, a request for it fails at once with a RestingError, so that
// nobody's trouble keeps others waiting. What is known of hosts is bounded.
//
// A request may wait for its turn, which is no slowness of the host: callers that
// limit or measure how long a host takes use Watch.
package pace
