package archivetest

import "time"

// Ids of the two videos of TwoMeetings.
const (
	NewYorkID    = "simNY2019_1"
	OvalOfficeID = "simOO2025_1"
)

// TwoMeetings is simulated footage of two presidential meetings, of 25 September
// 2019 and 14 April 2025: drawn rooms without people, and no words of anybody.
func TwoMeetings() []Video {
	const (
		channelID = "UCsimulacion-presidencia"
		channel   = "Casa Presidencial (simulación)"
		notice    = "Esto es una simulación dibujada para probar Videoteca. No contiene imágenes, voces ni palabras reales. " +
			"This is a drawn simulation made to try Videoteca. It has no real pictures, voices or words."
	)
	salvador := time.FixedZone("CST", -6*60*60)
	return []Video{
		{
			ID: NewYorkID, Title: "Simulación: reunión presidencial, Nueva York, 25 de septiembre de 2019",
			Description: notice, Tags: []string{"simulación", "Nueva York", "2019"},
			ChannelID: channelID, ChannelTitle: channel, Language: "es",
			Published: time.Date(2019, 9, 25, 12, 30, 0, 0, salvador), Duration: 3*time.Minute + 12*time.Second,
			Color: "#27507f", Scene: SceneLecterns, Label: "Reunión presidencial, Nueva York, 25 de septiembre de 2019",
		},
		{
			ID: OvalOfficeID, Title: "Simulación: reunión presidencial, Despacho Oval, 14 de abril de 2025",
			Description: notice, Tags: []string{"simulación", "Despacho Oval", "2025"},
			ChannelID: channelID, ChannelTitle: channel, Language: "es",
			Published: time.Date(2025, 4, 14, 13, 0, 0, 0, salvador), Duration: 4*time.Minute + 5*time.Second,
			Color: "#7a4a3a", Scene: SceneChairs, Label: "Reunión presidencial, Despacho Oval, 14 de abril de 2025",
		},
	}
}
