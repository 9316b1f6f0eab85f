package web

import (
	"cmp"
	"context"
	"fmt"
)

// APIFacet is one value of a kind of filter.
type APIFacet struct {
	Value  string `json:"value" doc:"As the list of videos takes it" example:"onu"`
	Label  string `json:"label" doc:"As people wrote it" example:"ONU"`
	Videos int    `json:"videos" doc:"How many have it" example:"17"`
}

type facetInput struct {
	Kind  string `path:"kind" enum:"state,platform,channel,tag,collection,language,event,by,copy,used,caption,visibility,mark" doc:"Kind of filter" example:"tag"`
	Limit int    `query:"limit" minimum:"0" maximum:"1000" doc:"At most this many; 50 where none is given" example:"50"`
}

func (s *Server) listFacets(ctx context.Context, in *facetInput) (*pageOutput[APIFacet], error) {
	facets, err := s.catalog.Facets(ctx, in.Kind, cmp.Or(in.Limit, 50))
	if err != nil {
		return nil, fmt.Errorf("reading the values of %s: %w", in.Kind, err)
	}
	out := &pageOutput[APIFacet]{Body: APIPage[APIFacet]{Items: []APIFacet{}}}
	for _, f := range facets {
		out.Body.Items = append(out.Body.Items, APIFacet{Value: f.Value, Label: f.Label, Videos: f.Videos})
	}
	return out, nil
}
