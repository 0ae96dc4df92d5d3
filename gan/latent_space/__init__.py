"""What Explore > Latent space is made of: views of it, directions in it, and what is kept of them or taken home.

Arithmetic on single latents is in `gan.latent`, which everything that draws uses; this is what a person does with it.
"""
