package slicewatch

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Cluster is a fakeapi of the test's own: the program in PATH, or named by FAKEAPI.
type Cluster struct {
	t      *testing.T
	Config *rest.Config // the administrator's
	client *rest.RESTClient
}

// StartCluster plays a scenario until the test ends; with an empty text it is an empty cluster.
func StartCluster(t *testing.T, scenario string) *Cluster {
	t.Helper()
	folder := t.TempDir()
	arguments := []string{"serve", "--dir", filepath.Join(folder, "cluster"), "--pods=loopback"}
	if scenario != "" {
		file := filepath.Join(folder, "scenario.yaml")
		if err := os.WriteFile(file, []byte(scenario), 0o600); err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, file)
	}
	program := os.Getenv("FAKEAPI")
	if program == "" {
		program = "fakeapi"
	}
	command := exec.Command(program, arguments...)
	var errors bytes.Buffer
	command.Stderr = &errors
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		if err := command.Wait(); err != nil {
			t.Errorf("fakeapi: %v: %s", err, errors.String())
		}
	})
	var ready struct{ Dir string } // one line of JSON: it is ready
	if err := json.NewDecoder(output).Decode(&ready); err != nil {
		t.Fatalf("fakeapi did not start: %v: %s", err, errors.String())
	}
	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(ready.Dir, "kubeconfig"))
	if err != nil {
		t.Fatal(err)
	}
	of := rest.CopyConfig(config)
	of.UserAgent = "test"
	client, err := rest.UnversionedRESTClientFor(withCodec(of))
	if err != nil {
		t.Fatal(err)
	}
	return &Cluster{t, config, client}
}

// Control asks the control API (docs/control-api.md); the body is JSON, or a value that becomes it.
func (c *Cluster) Control(method, what string, body any) []byte {
	c.t.Helper()
	request := c.client.Verb(method).RequestURI("/_fakeapi/v1/" + what)
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		request = request.Body(text)
	}
	answer, err := request.DoRaw(c.t.Context())
	if err != nil {
		c.t.Fatalf("%s %s: %v: %s", method, what, err, answer)
	}
	return answer
}

// WaitForWatch blocks until a client holds a watch: a change that comes before it tests nothing.
func (c *Cluster) WaitForWatch(resource string) {
	c.t.Helper()
	c.Control("GET", "requests?verb=watch&open=true&count=1&timeout=60s&resource="+resource, nil)
}
