package archive

// PremisEventTypes is the base of the URIs of PREMIS 3's preservation event types, kept
// by the Library of Congress. The code of a term follows it.
const PremisEventTypes = "http://id.loc.gov/vocabulary/preservation/eventType/"

// premisTerm is a term of that vocabulary.
type premisTerm struct{ label, code string }

// PremisType is the PREMIS 3 event type of a verb in the log, such as "capture" or
// "metadata modification". A verb that is not known here gets the latter: whatever
// else an event was, it changed a record.
func PremisType(verb string) string { return premisOf(verb).label }

// PremisURI is the URI of PremisType's term.
func PremisURI(verb string) string { return PremisEventTypes + premisOf(verb).code }

// premisOf is the one place that maps our verbs. A check is no fixity check and no
// validation, which PREMIS says of objects that are held: it asks others whether theirs is
// there, and what it changes is what the record says of them.
func premisOf(verb string) premisTerm {
	switch verb {
	case "register":
		return premisTerm{"accession", "acc"}
	case "capture":
		return premisTerm{"capture", "cap"}
	case "copy", "captions", "poster":
		return premisTerm{"ingestion", "ing"}
	case "verify":
		return premisTerm{"fixity check", "fix"}
	case "purge", "erase":
		return premisTerm{"deletion", "del"}
	case "withdraw":
		return premisTerm{"deaccession", "dea"}
	case "repair":
		return premisTerm{"replication", "rep"}
	}
	return premisTerm{"metadata modification", "mem"}
}
