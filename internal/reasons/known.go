package reasons

import "regexp"

// plain are the reasons that name nothing, and their messages.
func plain() map[string]string {
	return map[string]string{
		"removed":                                        "removed",
		"not found":                                      "notFound",
		"not found (404)":                                "notFound404",
		"gone (410)":                                     "gone410",
		"unavailable for legal reasons (451)":            "legal451",
		"private or removed":                             "privateOrRemoved",
		"embedding disabled":                             "embeddingDisabled",
		"embedding limited to some sites":                "embeddingLimited",
		"not among the items":                            "notAmongItems",
		"the answer shows fewer than it counts":          "fewerThanCounted",
		"no thumbnail":                                   "noThumbnail",
		"thumbnail-placeholder":                          "placeholder",
		"thumbnail-present":                              "thumbnailPresent",
		"thumbnail-unchanged":                            "thumbnailUnchanged",
		"picture present":                                "thumbnailPresent",
		"no picture":                                     "noPicture",
		"unparsable":                                     "unparsable",
		"not an oEmbed document":                         "notOEmbed",
		"not a player's page":                            "notPlayer",
		"not the player of the video asked for":          "otherPlayer",
		"not the video asked for":                        "otherVideo",
		"not an id of this platform":                     "noID",
		"timeout":                                        "timeout",
		"no answer in time":                              "timeout",
		"the host took too long":                         "timeout",
		"the answer is too long":                         "tooLong",
		"the day's quota is used up":                     "quota",
		"the playlist names nothing that can be fetched": "playlistEmpty",
		"not asked: the host did not answer for other files of this round": "hostSilent",
		"privacyStatus=private":  "private",
		"privacyStatus=unlisted": "unlisted",
		"madeForKids=true":       "madeForKids",
		"uploadStatus=deleted":   "deleted",
		"uploadStatus=uploaded":  "processing",
		"uploadStatus=rejected":  "rejected",
		"uploadStatus=failed":    "failed",
		"embeddable=false":       "notEmbeddable",
		"regionRestriction":      "region",
		"ytAgeRestricted":        "age",
		"scheduled":              "scheduled",
	}
}

// pattern is a form of reasons that name something.
type pattern struct {
	id   string
	form *regexp.Regexp
}

// patterns are the forms, in the order in which they are tried.
func patterns() []pattern {
	return []pattern{
		{"noWitness", regexp.MustCompile(`^no witness: (?P<Why>.+)$`)},
		{"likeOthers", regexp.MustCompile(`^not asked, like others before: (?P<Why>.+)$`)},
		{"resting", regexp.MustCompile(`^host rests until (?P<Until>\S+): (?P<Why>.+)$`)},
		{"tried", regexp.MustCompile(`^(?P<Why>.+); it is being tried$`)},
		{"failures", regexp.MustCompile(`^(?P<Times>\d+) failures in a row, the last: (?P<Why>.+)$`)},
		{"rejected", regexp.MustCompile(`^uploadStatus=rejected, rejectionReason=(?P<Detail>.+)$`)},
		{"failed", regexp.MustCompile(`^uploadStatus=failed, failureReason=(?P<Detail>.+)$`)},
		{"refusedOr", regexp.MustCompile(`^(?P<Why>.+): private, limited to some sites, or we are refused$`)},
		{"withoutAuthor", regexp.MustCompile(`^(?P<Why>.+), of an address made without the author's name$`)},
		{"redirectOfWhich", regexp.MustCompile(`^redirect to (?P<Host>\S+), of which: (?P<Why>.+)$`)},
		{"redirect", regexp.MustCompile(`^redirect to (?P<Host>\S+)$`)},
		{"retryAfter", regexp.MustCompile(`^HTTP (?P<Status>\d+) with Retry-After$`)},
		{"statusDetail", regexp.MustCompile(`^HTTP (?P<Status>\d+) (?P<Detail>\w+)$`)},
		{"status", regexp.MustCompile(`^HTTP (?P<Status>\d+)$`)},
		{"refused", regexp.MustCompile(`^the server refused us \((?P<Status>\d+)\)$`)},
		{"answered", regexp.MustCompile(`^the server answered (?P<Status>\d+)$`)},
		{"noAnswer", regexp.MustCompile(`^no answer: (?P<Why>.+)$`)},
		{"spent", regexp.MustCompile(`^(?P<Header>\S+)-Remaining is 0$`)},
		{"notMedia", regexp.MustCompile(`^not media, but (?P<Detail>\S+)$`)},
		{"playlistSilent", regexp.MustCompile(`^the playlist stands, what it names does not answer: (?P<Why>.+)$`)},
		{"playlistOf", regexp.MustCompile(`^the playlist stands, of what it names: (?P<Why>.+)$`)},
		{"playlistIs", regexp.MustCompile(`^the playlist stands, what it names is (?P<Detail>\S+)$`)},
		{"noHost", regexp.MustCompile(`^dial tcp: lookup (?P<Host>[^\s:]+)(?: on \S+)?: no such host$`)},
		{"connectionRefused", regexp.MustCompile(`^dial tcp (?P<Host>\S+): connect: connection refused$`)},
		{"brokenOff", regexp.MustCompile(`^(?:EOF|unexpected EOF|.*connection reset by peer)$`)},
		{"noAdapter", regexp.MustCompile(`^this installation has no adapter for the platform (?P<Platform>\S+)$`)},
		{"state", regexp.MustCompile(`^state=(?P<Detail>.+)$`)},
	}
}
