print("sibling is run")
value = "sibling value"
