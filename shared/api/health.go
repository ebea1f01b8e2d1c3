package api

// Health says how the server is.
type Health struct {
	Status string `json:"status"`
}
