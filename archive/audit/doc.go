// Package audit checks whether sources are still there: it asks the platforms in
// rounds, writes every answer into the journal, and only then lets archive.Judge
// change the records. What a record says can therefore always be traced to an
// answer that was durable before it.
package audit
