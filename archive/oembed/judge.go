package oembed

import (
	"net/http"

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

const reasonUnparsable = "not an oEmbed document"

// judge reads an answer of oEmbed, by the table in the package comment.
func judge(got answer) (document, verdict) {
	if got.fault != "" {
		return document{}, unclear(got.fault)
	}
	if got.status == http.StatusOK {
		return judgeDocument(got.body)
	}
	return document{}, judgeStatus(got)
}

func judgeDocument(body []byte) (document, verdict) {
	d, ok := parseDocument(body)
	switch {
	case !ok:
		return document{}, unclear(reasonUnparsable)
	case d.DomainStatus == http.StatusForbidden:
		return d, verdict{
			outcome: archive.EmbeddingDisabled, reason: "embedding limited to some sites",
			restrictions: []archive.Restriction{{Aspect: archive.AspectEmbedding}},
		}
	}
	return d, verdict{outcome: archive.Playable, answers: true}
}

// judgeStatus reads a status other than 200, of either method.
func judgeStatus(got answer) verdict {
	switch got.status {
	case http.StatusNotFound:
		return verdict{outcome: archive.Missing, reason: "not found (404)"}
	case http.StatusGone:
		return verdict{outcome: archive.Missing, reason: "gone (410)"}
	case http.StatusUnauthorized, http.StatusForbidden:
		return unclear(httpFault(got) + ": private, limited to some sites, or we are refused")
	}
	return unclear(httpFault(got))
}

// observation joins a verdict and the evidence for it.
func (a *Adapter) observation(method, id string, got answer, v verdict) archive.Observation {
	return archive.Observation{
		Source: a.key(id), Method: method, Host: got.host, At: got.at, Date: got.date,
		Outcome: v.outcome, Reason: v.reason, Restrictions: v.restrictions, Sees: v.sees, Supports: v.supports, Answers: v.answers,
		Status: got.status, Digest: got.digest(), Latency: got.latency,
		Vantage: a.o.Vantage, Program: a.o.Program,
		Body: evidence(method, got), Fields: v.fields,
	}
}
