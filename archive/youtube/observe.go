package youtube

import (
	"videoteca/archive"
)

// verdict is what one answer says of one id.
type verdict struct {
	outcome      archive.Outcome
	reason       string
	restrictions []archive.Restriction
	sees         []archive.Aspect
	answers      bool // the method has shown that it works
	supports     bool // it may only support another method
	fields       *archive.Fields
}

// unclear is the verdict of an answer that tells nothing.
func unclear(reason string) verdict { return verdict{reason: reason} }

// observation joins a verdict and the evidence for it.
func (a *Adapter) observation(method, id string, got answer, v verdict) archive.Observation {
	return archive.Observation{
		Source: a.key(id), Method: method, Host: got.host, At: got.at, Date: got.date,
		Outcome: v.outcome, Reason: a.hide(v.reason), Restrictions: v.restrictions,
		Sees: v.sees, Supports: v.supports, Answers: v.answers,
		Status: got.status, Digest: got.digest, Latency: got.latency,
		Vantage: a.o.Vantage, Program: a.o.Program,
		Body: got.kept, Fields: v.fields,
	}
}
