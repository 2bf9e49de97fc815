# For fingers that type make; './run' does the work.
.PHONY: test check demo bench
test: ; ./run test
check: ; ./run test --only-checks
demo: ; ./run demo
bench: ; ./run bench
