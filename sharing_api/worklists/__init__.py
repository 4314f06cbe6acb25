"""What every worklist of findings is made of: states, steps, settling, sealing; knows no rule."""
