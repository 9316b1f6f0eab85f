// Package notify writes e-mail of what audits found: a digest of sources that were lost or came back,
// once a day or after each audit, and one message when a platform's sources all turn bad at once, with
// another when that is over, and none in between.
//
// What is to be sent lies in a setting of the store before it is sent, so a process that is killed
// loses nothing, and replicas share it: who writes the setting second reads it again first. A
// message whose sending was not noted any more is sent once again under the same Message-ID, which
// mail programs show once.
package notify
