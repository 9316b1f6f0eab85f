package web

import "videoteca/archive"

// Premis is the PREMIS 3 event type of the verb. It follows from the verb, so no event has to hold it.
func (a activity) Premis() string { return archive.PremisType(a.Verb) }

// PremisURI is the address of that type's term.
func (a activity) PremisURI() string { return archive.PremisURI(a.Verb) }
