package rekey_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"keystead/build/promises/size"
	"keystead/server/caller"
	"keystead/server/config"
	"keystead/server/house"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

// victim is the variable with the data folder of a process that is to be killed.
const victim = "REKEY_VICTIM"

// rotateUntilKilled replaces master key and pepper again and again while keys are
// added, and prints every key whose adding was answered.
func rotateUntilKilled(data string) {
	must := func(err error) {
		if err != nil {
			fmt.Println("failed", err)
			os.Exit(1)
		}
	}
	cfg := config.Default()
	cfg.Data, cfg.MaxKeysPerUser = data, 1<<30
	h, err := house.Open(ctx, cfg, house.Options{Now: time.Now, Log: quiet, Version: "test"})
	must(err)
	person, err := caller.Load(h.DB.Read(ctx), 1)
	must(err)
	who, org := person.Caller(), api.OrgID(1)
	who.Kind = api.CallerSession
	var n atomic.Int64
	start := time.Now().UnixNano()
	for range 2 {
		go func() {
			for {
				added, err := h.Keys.Add(ctx, who, &org, api.AddKey{Name: fmt.Sprint(start, " ", n.Add(1)), Role: api.Admin})
				must(err)
				fmt.Println("added", added.Key.ID, added.Value.Reveal())
			}
		}()
	}
	for {
		_, err := h.Rekey.RotateMaster(ctx, nil)
		must(err)
		_, err = h.Rekey.RotatePepper(ctx)
		must(err)
		fmt.Println("rotated")
	}
}

// TestP03KilledAtRandomMoments: whatever was answered is there after a SIGKILL, and the
// next start goes on.
func TestP03KilledAtRandomMoments(t *testing.T) {
	kills, values := size.Of(t, 6, 50, "kills"), size.Of(t, 300, 100_000, "values")
	within := 1500 // milliseconds
	if size.Full() {
		within = 20_000
	}
	s := newStage(t, 50)
	s.many(values)
	s.Must(s.Close(ctx))
	first := s.master()
	rotations := 0
	for range kills {
		rotations += s.kill(time.Duration(20+rand.IntN(within)) * time.Millisecond)
		s.Start()
		s.some("after a kill")
		s.Must(s.Close(ctx))
	}
	s.Start()
	s.Must(s.Rekey.Round(ctx))
	s.shut(first)
	s.whole("at the end")
	var ok string
	s.Must(s.DB.Read(ctx).Get(&ok, "PRAGMA integrity_check"))
	if ok != "ok" {
		t.Error(ok)
	}
	t.Logf("%d kills, %d whole rotations between them, %d keys added", kills, rotations, len(s.values))
}

// kill lets a victim rotate for a while after its first words.
func (s *stage) kill(after time.Duration) (rotations int) {
	s.T.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+s.Config.Data)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	s.Must(err)
	cmd.Stderr = os.Stderr
	s.Must(cmd.Start())
	armed := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if !armed {
			armed = true
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
		words := strings.Fields(lines.Text())
		switch words[0] {
		case "rotated":
			rotations++
		case "failed":
			s.T.Fatal(lines.Text())
		case "added":
			if len(words) < 3 {
				continue // cut off
			}
			if _, whole := keyfmt.Parse(words[2]); whole {
				id, err := strconv.ParseInt(words[1], 10, 64)
				s.Must(err)
				s.values[api.KeyID(id)] = words[2]
			}
		}
	}
	_ = cmd.Wait() // it was killed
	return rotations
}
