local function nothing()
end

return {install = nothing, enable = nothing, kernels = nothing}
