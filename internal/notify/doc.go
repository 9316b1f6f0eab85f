// Package notify writes e-mail of what became of sources: a digest of those that were lost or came back,
// once a day or as soon as something is found, and one message when a platform's sources all turn bad at once, with
// another when that is over, and none in between.
//
// A digest is made of the moves that stand in the records, whoever found them: an audit, a reader's
// report, a person, a process that was killed right after. Which of them were told lies in a setting of the store
// beside the letters that are yet to be sent, so that no move is told twice and none is lost, and
// replicas share it: who writes the setting second reads it again first. A message whose sending was not
// noted any more is sent once again under the same Message-ID, which mail programs show once.
package notify
