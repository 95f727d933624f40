package main

import (
	"fmt"
	"net/http"
	"sync"

	"k8s.io/client-go/rest"
)

const protobuf = "application/vnd.kubernetes.protobuf"

// bodies notes in which form bodies were sent, so that a check can tell that it did test protobuf.
type bodies struct {
	mutex sync.Mutex
	sent  map[string]int // "POST application/json" -> how often
	next  http.RoundTripper
}

// recordBodies makes a copy of the configuration whose requests are noted.
func recordBodies(config *rest.Config) (*rest.Config, *bodies) {
	recorder := &bodies{sent: map[string]int{}}
	copied := rest.CopyConfig(config)
	copied.Wrap(func(next http.RoundTripper) http.RoundTripper {
		recorder.next = next
		return recorder
	})
	return copied, recorder
}

func (b *bodies) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Body != nil {
		b.mutex.Lock()
		b.sent[request.Method+" "+request.Header.Get("Content-Type")]++
		b.mutex.Unlock()
	}
	return b.next.RoundTrip(request)
}

func (b *bodies) need(keys ...string) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for _, key := range keys {
		if b.sent[key] == 0 {
			return fmt.Errorf("the client sent no %q, only %v", key, b.sent)
		}
	}
	return nil
}
